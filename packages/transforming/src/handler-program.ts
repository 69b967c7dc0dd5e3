/**
 * The program that calls the tenant's `handler`, in the tenant's own sandbox. It takes the texts in the variables
 * `$input` and `$payload`, and evaluates to JSON of what the handler returned. Whatever the tenant's code does to `JSON`
 * or `Object` harms only itself: the text is checked outside.
 */
export const handlerProgram = `(() => {
  const { stringify, parse } = JSON;
  if (typeof handler !== 'function') throw new Error('the code has no function named handler');
  const given = { ...parse($input), payload: parse($payload) };
  const before = stringify(given.payload);
  const settled = (webhook) => {
    if (webhook === null || typeof webhook !== 'object') throw new Error('handler must return the webhook');
    const { method, url, payload, headers, cancel } = webhook;
    if (cancel === true) return stringify({ cancel: true });
    const after = stringify(payload);
    if (after === undefined) throw new Error('handler must return a webhook with a payload');
    return stringify({ method, url, headers, ...(after === before ? {} : { body: after }) });
  };
  const returned = handler(given);
  return returned instanceof Promise ? returned.then(settled) : settled(returned);
})()`;
