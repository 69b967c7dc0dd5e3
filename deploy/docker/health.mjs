// The container's health check: ends with 0 if the API says that it accepts messages.
const url = `http://127.0.0.1:${process.env.POSTHORN_PORT || 8071}/api/v1/health`;
const answer = await fetch(url).catch((error) => ({ ok: false, status: error.cause?.message ?? error.message }));
console.log(`${url}: ${answer.status}`);
process.exit(answer.ok ? 0 : 1);
