// A Worker that runs the test cases in the body of a request: `{ stem, cases }`.

import * as sealwire from '../../bindings-node/edge/dist/index.mjs';
import { joinHead, native, splitUrl } from '../../bindings-node/edge/dist/internals.mjs';
import { results } from '../conformance/node_results.mjs';

export default {
  async fetch(request) {
    const { stem, cases } = await request.json();
    const lines = [];
    const asked = { sealwire, joinHead, splitUrl, native };
    for await (const line of results(asked, stem, cases)) lines.push(`${line}\n`);
    return new Response(lines.join(''));
  },
};
