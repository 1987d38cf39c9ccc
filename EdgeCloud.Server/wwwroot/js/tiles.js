import { duration, none, number, plural, rate, write } from './format.js';

/** From here on a number is a sign of trouble, and its tile says so. */
const muchLagSeconds = 5;
const fullOutbox = 100;

const byId = id => document.getElementById(id);

function tile(id, value, sub, tone = '') {
  write(byId(id), value);
  write(byId(`${id}-sub`), sub || '\u00a0');
  const box = byId(`${id}-tile`);
  if (box) box.dataset.tone = tone;
}

export function showTiles({ devices, stats, history }) {
  const known = [...devices.values()].filter(device => device.summary);
  const count = status => known.filter(device => device.summary.status === status).length;
  const online = known.filter(device => device.summary.status === 'online');
  const persons = device => device.event?.persons_detected ?? device.summary.persons_detected;
  tile(
    'persons', number(online.reduce((sum, device) => sum + persons(device), 0)), `${number(stats.persons)} in total`);
  tile('devices-online', number(online.length),
    [[count('stale'), 'stale'], [count('offline'), 'offline']].filter(([many]) => many > 0).map(pair => pair.join(' '))
      .join(', ') || (known.length ? 'all of them' : 'none known'));
  tile('throughput', rate(history.at(-1)?.perSecond), `${number(stats.events)} in total`);

  const fresh = stats.freshness_ms;
  tile('freshness',
    duration(fresh?.p50), Number.isFinite(fresh?.p95) ? `p95 ${duration(fresh.p95)}, p99 ${duration(fresh.p99)}` : '');
  const { messages, seconds } = stats.lag ?? {};
  tile('lag', number(messages),
    Number.isFinite(seconds) ? (messages > 0 ? `${duration(seconds * 1000)} behind` : 'caught up') : '',
    seconds > muchLagSeconds ? 'wait' : '');

  // Devices of one edge share its outbox, so the fullest says more than a sum would.
  const outbox = device => device.event?.outbox_events ?? device.summary.outbox_events ?? -1;
  const fullest = known.reduce((most, device) => (!most || outbox(device) > outbox(most) ? device : most), null);
  const waiting = fullest && outbox(fullest) >= 0 ? outbox(fullest) : NaN;
  tile('outbox', Number.isFinite(waiting) ? number(waiting) : none,
    waiting > 0 ? `at ${fullest.id}` : waiting === 0 ? 'nothing waits' : '', waiting > fullOutbox ? 'wait' : '');
  tile('dead-letters',
    number(stats.dead_letters), plural(stats.duplicates, 'duplicate'), stats.dead_letters > 0 ? 'wait' : '');
}
