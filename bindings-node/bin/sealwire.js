#!/usr/bin/env node
'use strict';

// The command `npx sealwire`. Exit codes: 0 if the culprit is proven, 1 if it was not found, 2 if the input is refused.

const { run } = require('../lib/cli/command.js');

run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
