# A FastAPI service with Sealwire. Build the image in a clone of Sealwire: docker build -f examples/docker/fastapi.Dockerfile .
# The first stage contains Rust and builds the wheel. The final image contains neither Rust nor the sources.
FROM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends python3-pip python3-venv && rm -rf /var/lib/apt/lists/*
WORKDIR /sealwire
COPY . .
RUN python3 -m venv /tools && /tools/bin/pip install 'maturin==1.16.0'
RUN /tools/bin/maturin build --release --manifest-path bindings-python/Cargo.toml --features abi3 --out /wheels

FROM python:3.11-slim-bookworm
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --find-links /wheels 'sealwire[fastapi]' uvicorn && rm -r /wheels
RUN useradd --system service
USER service
WORKDIR /service
COPY examples/docker/fastapi_service.py service.py
EXPOSE 8000
# The workers share a replay file, which is in /dev/shm or in the temporary directory of the container.
CMD ["uvicorn", "service:app", "--host", "0.0.0.0", "--port", "8000", "--workers", "2"]
