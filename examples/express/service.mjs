// An Express service that `billing-service` may call.
import express from 'express';
import { hmacAuth } from 'sealwire/express';

const app = express();
app.use(hmacAuth({ clientId: 'billing-service', sharedSecret: process.env.HMAC_SHARED_SECRET }));
app.use(express.json()); // mounted after hmacAuth, because hmacAuth verifies the raw body
app.post('/items', (req, res) => res.send(`called by ${req.sealwire.sender}`));
app.listen(process.env.PORT ?? 3000, '127.0.0.1');
