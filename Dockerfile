# Posthorn on one machine, as a container image. docs/service.md says how to run it.

FROM debian:trixie-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates nodejs npm
WORKDIR /opt/posthorn
# First what the dependencies follow from, so that a change of code does not install them again.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages ./packages
COPY services ./services
RUN npx --yes pnpm@12 install --frozen-lockfile --prod
COPY bin ./bin
COPY deploy/docker ./deploy/docker

FROM debian:trixie-slim
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent posthorn \
  && install --directory --owner=posthorn --group=posthorn --mode=0700 /var/lib/posthorn
# It belongs to root, so that the service cannot change its own programs. Node.js is among the dependencies.
COPY --from=build /opt/posthorn /opt/posthorn
ENV POSTHORN_DATA_DIR=/var/lib/posthorn \
  POSTHORN_HOST=0.0.0.0 \
  POSTHORN_DURABILITY=machine \
  POSTHORN_ALLOWED_SUBNETS=none
VOLUME /var/lib/posthorn
EXPOSE 8071
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["/opt/posthorn/node_modules/node/bin/node", "/opt/posthorn/deploy/docker/health.mjs"]
ENTRYPOINT ["/opt/posthorn/bin/posthorn"]
CMD ["start"]
