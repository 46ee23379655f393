# An Express service with Sealwire. Build the image in a clone of Sealwire: docker build -f examples/docker/express.Dockerfile .
# The first stage contains Rust and builds the packages. The final image contains neither Rust nor the sources.
FROM rust:1.95-bookworm AS build
COPY --from=node:20-bookworm /usr/local /usr/local
RUN apt-get update && apt-get install --yes --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /sealwire
COPY . .
RUN npm --prefix bindings-node ci && npm --prefix bindings-node run build
RUN node bindings-node/scripts/pack.js /packages

FROM node:20-bookworm-slim
WORKDIR /service
COPY --from=build /packages /packages
RUN npm install --no-save express@5 /packages/*.tgz && rm -r /packages
COPY examples/docker/express_service.js service.js
USER node
EXPOSE 3000
CMD ["node", "service.js"]
