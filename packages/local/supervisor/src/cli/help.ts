/** What `start --help` says. */
export const startHelp = `Starts the whole of Posthorn on this machine and keeps it running.

  npx pnpm@12 start

Environment variables:
  POSTHORN_PORT             port of the API (8071; 0 for any free one)
  POSTHORN_DATA_DIR         folder for everything that is kept: tables, queues, token, keys (.posthorn)
  POSTHORN_DYNAMODB         embedded: tables and queues kept in the data folder (default);
                            local: DynamoDB Local, all in memory, needs Java 17; or the URL of a DynamoDB endpoint
  POSTHORN_DURABILITY       what an accepted message survives: process (default): the death of every process;
                            machine: also that of the machine, each write is synced to the disk
  POSTHORN_SQS              local (default); or the URL of an SQS endpoint that has the queues
  POSTHORN_RETRY_SCHEDULE   seconds to wait after each failed attempt (5,300,1800,7200,18000,36000,36000)
  POSTHORN_ALLOWED_SUBNETS  private networks that endpoints may be in (127.0.0.0/8,::1/128)
  POWERTOOLS_LOG_LEVEL      what the services log: DEBUG, INFO, WARN or ERROR (WARN)

SIGINT (Ctrl+C) and SIGTERM stop everything that was started.`;

/** What `run token --help` says. */
export const tokenHelp = `Prints a token for the API of a system on this machine.

  npx pnpm@12 -s run token [--org ID] [--app ID] [--expires 1h]

  --org ID        organisation that the token speaks for (the local one)
  --app ID        a token of this application only, for a customer's own view
  --expires TIME  how long it is good for: 30s, 15m, 1h, 28d … (28d)

POSTHORN_DATA_DIR names the folder of the system (.posthorn).`;
