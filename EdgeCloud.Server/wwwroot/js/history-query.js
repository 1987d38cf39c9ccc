/** How far back the ranges go, which end now. */
const lengths = { hour: '-1h', day: '-24h', week: '-7d', month: '-30d' };
const hourMs = 3_600_000;

/** The devices that are shown, when it is not one: together, or each by itself. No id has these. */
export const together = '';
export const each = '*';

/** 2026-11-28T14:00:00Z, as the page's address and the server have it. */
const toText = ms => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** What ?range=week&device=edge-1 asks for: { range, device, from, to }; from and to, in ms, are for custom alone. */
export function fromAddress(search) {
  const address = new URLSearchParams(search);
  const [from, to] = [Date.parse(address.get('from')), Date.parse(address.get('to'))];
  const range = address.get('range');
  const isKnown = range === 'custom' ? !whatIsWrong(from, to) : Object.hasOwn(lengths, range ?? '');
  const device = address.get('by') === 'device' ? each : (address.get('device') ?? together);
  return { range: isKnown ? range : 'hour', device, from, to };
}

/** The contrary; nothing for what is shown anyway. */
export function toAddress({ range, device, from, to }) {
  const address = new URLSearchParams();
  if (range !== 'hour') address.set('range', range);
  if (range === 'custom') {
    address.set('from', toText(from));
    address.set('to', toText(to));
  }
  if (device === each) address.set('by', 'device');
  else if (device) address.set('device', device);
  return address.size ? `?${address}` : '';
}

/** Why a time cannot be shown: { field: 'from' or 'to', text }; null when it can. */
export function whatIsWrong(from, to) {
  if (!Number.isFinite(from)) return { field: 'from', text: 'Give a day and a time to begin with.' };
  if (!Number.isFinite(to)) return { field: 'to', text: 'Give a day and a time to end with.' };
  if (from >= to) return { field: 'to', text: 'The end must be after the beginning.' };
  return from < Date.now() ? null : { field: 'from', text: 'The beginning is in the future.' };
}

/** The parameters of GET /history; devices: the ids, when they are not all of them. */
export function toQuery({ range, device, from, to }, devices = []) {
  const query = new URLSearchParams(
    range === 'custom' ? { from: toText(from), to: toText(to) } : { from: lengths[range] });
  if (device === each) query.set('by', 'device');
  else if (device) query.set('device_id', device);
  if (devices.length) query.set('device_id', devices.join());

  // The server's days are made of whole hours.
  const isWholeHours = new Date().getTimezoneOffset() % 60 === 0;
  if (isWholeHours) query.set('time_zone', Intl.DateTimeFormat().resolvedOptions().timeZone);
  return query;
}

/** The parameters of GET /visits. */
export function toVisitsQuery(asked) {
  const query = toQuery(asked);
  query.delete('by');
  query.delete('time_zone');
  return query;
}

/** From one refresh to the next; Infinity for what does not change any more. */
export function refreshMs({ range, from, to }) {
  if (range === 'custom' && to < Date.now()) return Infinity;
  const isShort = range === 'hour' || (range === 'custom' && to - from <= hourMs);
  return isShort ? 5000 : range === 'day' ? 30_000 : 60_000;
}
