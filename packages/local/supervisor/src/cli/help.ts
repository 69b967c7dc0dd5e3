/** The output of `start --help`. */
export const startHelp = `Starts the whole of Posthorn on this machine and keeps it running.

  npx pnpm@12 start

Environment variables:
  POSTHORN_HOST             IP address that the API listens on (127.0.0.1; 0.0.0.0 for every IPv4 address)
  POSTHORN_PORT             port of the API (8071; 0 for any free one)
  POSTHORN_CONNECTIONS_PER_ADDRESS
                            connections at a time from one address, but for this machine's own (256; 0: any number)
  POSTHORN_DATA_DIR         folder for all data: tables, queues, token, keys (.posthorn)
  POSTHORN_DYNAMODB         embedded (default): tables and queues are stored in the data folder;
                            local: DynamoDB Local, all in memory, needs Java 17; or the URL of a DynamoDB endpoint
  POSTHORN_DURABILITY       what an accepted message survives: process (default): a crash of any process;
                            machine: also a crash of the machine (each write is synced to the disk)
  POSTHORN_SQS              local (default); or the URL of an SQS endpoint that has the queues
  POSTHORN_RETRY_SCHEDULE   seconds to wait after each failed attempt (5,300,1800,7200,18000,36000,36000)
  POSTHORN_ALLOWED_SUBNETS  private networks where endpoints are allowed (127.0.0.0/8,::1/128); none: public addresses only
  POSTHORN_SOURCES          file of your own tables whose changes become events (posthorn.sources.yml)
  POSTHORN_FORBIDDEN_PORTS  ports of this machine that are never called, such as 5432,6379; Posthorn's own ones never are
  POSTHORN_ALLOWED_PORTS    the only ports of endpoints that are called, such as 443,8443 (every port)
  POSTHORN_ALLOW_HTTP       false: endpoints must have https URLs (true)
  POSTHORN_MAX_ENDPOINTS    endpoints and destinations that an application can have (500)
  POSTHORN_PORTAL_URL       your portal for customers, which links of portal access lead to (the API reference)
  POSTHORN_ORGANISATION     organisation of outbox rows and sources that name none (that of the token in the data folder)
  POSTHORN_MESSAGE_RETENTION_DAYS, POSTHORN_SUCCESS_RETENTION_DAYS, POSTHORN_FAILURE_RETENTION_DAYS
                            days for which messages, successful and failed attempts are kept (90, 30, 90)
  POSTHORN_DEFLATE_FROM     bytes from which bodies and responses are deflated (4096; 1 if POSTHORN_DYNAMODB is a URL)
  POSTHORN_EGRESS_PROXY     HTTP proxy that all requests to endpoints go through: http://user:password@host:port (none)
  POSTHORN_RATE_LIMIT       requests a second that each token may make (0: any number)
  POSTHORN_ACCESS_LOG       off: no line for each request (on: one line of JSON, on standard output)
  POSTHORN_METRICS_PORT     port of the metrics for Prometheus, on 127.0.0.1 only (none: there are no metrics);
                            a scraper needs the token in the file metrics-token of the data folder
  POWERTOOLS_LOG_LEVEL      log level of the services: DEBUG, INFO, WARN or ERROR (WARN)

SIGINT (Ctrl+C) and SIGTERM stop all processes.`;

/** The output of `dev --help`. */
export const devHelp = `Runs Posthorn for development: the services under serverless offline, and the local cloud that they use.

  npx pnpm@12 dev [--services api,db-triggers,queue-workers]

  --services LIST  services to run (all); none: only the local cloud

A service starts again when its code changes, or that of a package that it uses. Its lines are printed with its name.
A service that is not in the list can be run by itself: cd services/NAME && npx serverless offline

Environment variables: those of start (npx pnpm@12 start --help). The data folder is the same, so that start continues
where dev ended. Only one of them can use it at a time.
  POWERTOOLS_LOG_LEVEL      log level of the services: DEBUG, INFO, WARN or ERROR (INFO)
  SLS_LOG_LEVEL             log level of serverless offline: warning, notice, info or debug (warning)

SIGINT (Ctrl+C) and SIGTERM stop all processes.`;

/** The output of `run token --help`. */
export const tokenHelp = `Prints an API token, lists tokens, or revokes them.

  npx pnpm@12 -s run token [--org ID] [--app ID] [--expires 1h] [--stage NAME]

  --org ID        organisation of the token (the local one)
  --app ID        limits the token to one application, for a customer's portal
  --expires TIME  how long the token is valid: 30s, 15m, 1h, 28d … (28d)
  --stage NAME    an installation on AWS, in the account and region of the environment (local: this machine)

  npx pnpm@12 run token list [--org ID] [--app ID] [--json] [--stage NAME]

list shows the ids of the tokens that this command has printed and that have not expired: those of the organisation, or
with --app those of the application and of its portal.

  npx pnpm@12 run token revoke ID … [--org ID] [--app ID] [--stage NAME]

revoke ends tokens of that list within five seconds. Instead of its id, a token itself can be given: one that was signed
elsewhere, or before tokens were listed. list and revoke need a running Posthorn.

POSTHORN_DATA_DIR is the data folder (.posthorn). The exit code is 0, 2 if a token was not revoked, and 1 for an error.`;

/** The output of `run status --help`. */
export const statusHelp = `Shows how a Posthorn that runs on this machine is doing.

  npx pnpm@12 run status [--apps | --app ID] [--json]

  --apps    also shows each application: first the one that waits for the longest time
  --app ID  also shows one application
  --json    prints JSON for programs

Counts begin when the process was started. Everything that waits is counted, whenever it came.

POSTHORN_DATA_DIR is the data folder (.posthorn). The exit code is 0 if messages are accepted, 2 if not, and 1 if nothing
runs.`;

/** The output of `run backup --help`. */
export const backupHelp = `Copies everything that a Posthorn on this machine needs to go on into a new or empty folder.

  npx pnpm@12 run backup FOLDER

It works while Posthorn runs, and also if it is stopped. Everything that was accepted before is in the backup. The backup
contains the keys and a token, so keep it like a secret. Only this user can read it.

POSTHORN_DATA_DIR is the data folder (.posthorn). The exit code is 0 if the backup is complete. Otherwise it is 1, and
nothing of the backup is kept.`;

/** The output of `run verify --help`. */
export const verifyHelp = `Reads everything in a data folder or a backup: each checksum, index, reference and count.

  npx pnpm@12 run verify [FOLDER]

FOLDER is the data folder if absent. It may be in use, and nothing in it is changed.

POSTHORN_DATA_DIR is the data folder (.posthorn). The exit code is 0 if all is right, 2 if something is damaged or missing,
and 1 if it could not be checked.`;

/** The output of `run restore --help`. */
export const restoreHelp = `Copies a backup into the data folder, after everything in the backup was checked.

  npx pnpm@12 run restore FOLDER

FOLDER is the backup. The data folder must be new or empty, and no Posthorn may use it.

POSTHORN_DATA_DIR is the data folder (.posthorn). The exit code is 0 if all is restored. Otherwise it is 1, and nothing of
it is kept.`;

/** The output of `run sources --help`. */
export const sourcesHelp = `Checks the file of your own tables, and makes events of items that exist already.

  npx pnpm@12 run sources check [--item FILE] [--old FILE] [--operation NAME] [--keys NAMES] [--stage NAME]

  --item FILE       an item as JSON, plain or with the types of DynamoDB (made up from each rule)
  --old FILE        its version before an update
  --operation NAME  insert, update, remove or expire (the first one of each rule)
  --keys NAMES      comma-separated names of the key attributes (the first attribute of the item)
  --stage NAME      whose tables (local)

check shows the events that changes of items would make. The exit code is 0 if the file is valid, and otherwise 1.

  npx pnpm@12 run sources backfill TABLE [--rate 50] [--restart] [--stage NAME]

  --rate NUMBER     items a second (50)
  --restart         begin again, with new events, although the last call did not finish

backfill makes an insert event of each item of a table. If it is interrupted, the same command goes on. For a stage other
than local, the account and region of the environment are used. The exit code is 0 if all events were made, 2 if some
cannot be made, and 1 if it did not finish.

POSTHORN_SOURCES is the file (posthorn.sources.yml), POSTHORN_DATA_DIR the data folder (.posthorn).`;

/** The output of `run redrive --help`. */
export const redriveHelp = `Lists the dead letters of all queues, and puts jobs back onto their queues.

  npx pnpm@12 run redrive [--all | --id ID …] [--stage NAME] [--json]

  --all         redrives every job, and runs the records of every notice; deliveries with exhausted retries stay
  --id ID       redrives one entry; can be given more than once
  --stage NAME  an installation on AWS, in the account and region of the environment (local: this machine)
  --yes         does not ask; without a terminal nothing is asked in any case
  --json        prints JSON for programs

Without --all and --id nothing is changed, but entries are hidden from other readers for a moment. An entry is copied to
its queue first and then removed. A job that was redriven twice is attempted once. What was redriven is also printed to
standard error, with its text. Remove the cause first: docs/operations.md says what each reason means.

POSTHORN_DATA_DIR is the data folder (.posthorn). The exit code is 0, 2 if an entry of --id was not redriven, and 1 if the
queues could not be read.`;

/** The output of `run reconcile --help`. */
export const reconcileHelp = `Finds accepted messages without a trace at an endpoint that wanted them, and plans them again.

  npx pnpm@12 run reconcile --since TIME [--until TIME] [--app ID] [--dry-run] [--stage NAME] [--json]

  --since TIME  messages that were accepted from this time on: 2026-01-31T12:00:00Z, or how long ago: 30m, 6h, 2d
  --until TIME  and before this time (1m: a minute ago, so that messages under way are left out)
  --app ID      only this application (all)
  --dry-run     plans nothing
  --stage NAME  an installation on AWS, in the account and region of the environment (local: this machine)
  --json        prints JSON for programs

A trace is an attempt, a stored delivery that waits or has ended, or a dead letter. If the endpoint is unchanged since the
message was accepted, the delivery is planned again as the fan-out planned it. So a job that only waits on a queue, which
cannot be seen, leads to the same attempt, and nothing is sent twice by it. All others are listed with the reason: the
endpoint was changed or disabled afterwards, or it is a destination, and the message's group has gone on without it.

Stored deliveries that were due more than an hour ago are planned again too, whenever their message was accepted.

POSTHORN_DATA_DIR is the data folder (.posthorn). The exit code is 0 if nothing is missing or all was planned again, 2 if
something is missing that was not planned, and 1 if it could not be found out.`;
