const longestWaitMs = 30_000;

/**
 * The answer of the server to a query. Throws an Error that says why there is none, with the HTTP status if there was
 * one, and isFinal when there will be none to this query.
 */
export async function ask(path, query, signal) {
  let response;
  try {
    response = await fetch(
      `${path}?${query}`, { cache: 'no-store', signal: AbortSignal.any([signal, AbortSignal.timeout(longestWaitMs)]) });
    if (response.ok) return await response.json();
  } catch {
    throw new Error('The server does not answer.');
  }
  const problem = await response.json().catch(() => ({}));
  throw Object.assign(
    new Error(problem.detail ?? problem.title ?? `The server answers ${response.status}.`),
    { status: response.status, isFinal: response.status < 500 });
}
