import { defineSignedEventHandler } from 'sealwire/h3';

export default defineSignedEventHandler((event) => event.context.authHeaders);
