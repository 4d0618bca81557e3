# syntax=docker/dockerfile:1
# The agent in production: `docker build -t voice-agent .`, then see docs/deploy.md.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The CPU libraries are in the package; its install script would download GPU ones.
ENV ONNXRUNTIME_NODE_INSTALL=skip
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY bin ./bin
COPY src ./src
# What only tests use, and the local models' runtime for other systems, is most of the weight.
RUN npm run build \
  && npm prune --omit=dev \
  && rm -rf node_modules/@elevenlabs \
  && find node_modules/onnxruntime-node/bin/napi-v6 -mindepth 1 -maxdepth 1 ! -name linux -exec rm -rf {} + \
  && find node_modules/onnxruntime-node/bin/napi-v6/linux -mindepth 1 -maxdepth 1 \
       ! -name "$(node -p process.arch)" -exec rm -rf {} +

FROM node:22-bookworm-slim
# WebRTC's native part checks the server's certificate against the system's authorities.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates tini \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o node -g node /data
ENV NODE_ENV=production TASKS_FILE=/data/tasks_results.json RECORDINGS_DIR=/data/recordings
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY LICENSE ./
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--", "node", "dist/bin/voice-agent.js"]
CMD ["start", "--no-demo"]
