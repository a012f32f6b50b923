# Lamplighter: Node runs the sources; only the web page is built. `docker compose up` is the way to start it with its peers.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image brings its own Node, so the optional Node packages stay out.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:24-bookworm-slim AS page
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json vite.config.ts ./
# The bundler's own program is an optional package: none are left out here.
RUN npm ci --ignore-scripts
COPY src src
RUN npm run build:web

FROM node:24-bookworm-slim
ENV NODE_ENV=production LAMPLIGHTER_DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=page /app/dist dist
COPY package.json ./
COPY bin bin
COPY config config
COPY src src
# `docker compose exec lamplighter lamplighter get night`
RUN ln -s /app/bin/lamplighter.js /usr/local/bin/lamplighter && install -d -o node -g node /data
USER node
VOLUME /data
EXPOSE 5060/udp 5060/tcp 5061/tcp 8060/tcp 8061/tcp 8080/tcp
# Ready is: the API answers, and the store and the SIP edge work. It takes a Node of its own, hence the long timeout.
HEALTHCHECK --interval=10s --timeout=10s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.LAMPLIGHTER_HTTP_PORT || 8080}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "src/main.ts"]
