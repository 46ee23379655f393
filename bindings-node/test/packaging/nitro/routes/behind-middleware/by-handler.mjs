import { defineCachedEventHandler } from 'nitropack/runtime';
export default defineCachedEventHandler((event) => `for ${event.context.sealwire.sender} only`, {
  maxAge: 60,
});
