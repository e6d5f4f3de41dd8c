# syntax=docker/dockerfile:1

# The program, compiled and bundled.
FROM node:24-bookworm AS program
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY src ./src
# Building starts it once, for which it wants to show a page.
COPY views ./views
COPY migrations ./migrations
RUN npm run build

# What it needs to run: neither the tools nor the embedded Postgres. Password hashing is compiled for processors with
# AVX2, which is what makes it quick; AVX2=false takes the package's own binary, which runs everywhere.
FROM node:24-bookworm AS packages
ARG AVX2=true
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts
RUN if [ "$AVX2" = true ] && [ "$(uname -m)" = x86_64 ]; then \
      CFLAGS=-mavx2 npm_config_build_from_source=true npm_config_nodedir=/usr/local \
        npm rebuild argon2 --ignore-scripts=false \
      && rm -r node_modules/argon2/build/Release/obj.target node_modules/argon2/build/Release/.deps; \
    fi

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY package.json ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=program /app/dist/bin ./dist/bin
COPY src/latchkey.js ./src/
RUN ln -s /app/src/latchkey.js /usr/local/bin/latchkey
COPY views ./views
COPY migrations ./migrations
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/bin/main.js"]
