const loopback = /^(localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\])$/;

/**
 * Lists the ports of this machine that no endpoint may lead to, as the functions' configuration has them.
 *
 * @param urls - where Posthorn's own parts are served. Those on other machines do not count.
 * @param further - more ports, separated by commas
 */
export function listOwnPorts(urls: readonly string[], further = ''): string {
  const own = urls
    .filter((url) => url !== '')
    .map((url) => new URL(url))
    .filter(({ hostname }) => loopback.test(hostname))
    .map(({ port, protocol }) => port || (protocol === 'https:' ? '443' : '80'));
  return [...new Set([...own, ...further.split(',').map((port) => port.trim())])].filter(Boolean).join(',');
}
