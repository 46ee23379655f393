'use strict';

// A service that `billing-service` may call. It reads the key from HMAC_SHARED_SECRET.

const express = require('express');
const { hmacAuth } = require('sealwire/express');

const app = express();
app.use(hmacAuth({ clientId: 'billing-service', sharedSecret: process.env.HMAC_SHARED_SECRET }));
app.get('/api/users', (req, res) => res.json([]));
app.listen(3000);
