#!/usr/bin/env node
'use strict';

// The `npx sealwire` command. The exit code is 0 if the cause of a rejection is proven, 1 if no cause was found, and 2 if the
// input is not valid.

const { run } = require('../lib/cli/command.js');

run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
