export const none = '–';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export const number = value => (Number.isFinite(value) ? whole.format(value) : none);
export const rate = value =>
  (!Number.isFinite(value) ? none : value >= 100 ? whole.format(value) : tenths.format(value));
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;
export const percent = conf => (Number.isFinite(conf) ? `${Math.round(conf * 100)} %` : 'face');

/** A duration in the unit that reads best. */
export function duration(ms) {
  if (!Number.isFinite(ms)) return none;
  if (ms < 1000) return `${ms < 10 ? tenths.format(ms) : whole.format(ms)} ms`;
  return ms < 120_000 ? `${tenths.format(ms / 1000)} s` : `${whole.format(ms / 60_000)} min`;
}

/** How long somebody stayed. */
export function dwell(seconds) {
  if (!Number.isFinite(seconds)) return none;
  if (seconds < 60) return `${seconds < 10 ? tenths.format(seconds) : whole.format(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${whole.format(Math.floor(seconds % 60))} s`
    : `${whole.format(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

/** Milliseconds of a time as events have it; one without an offset is in UTC, which a browser would take for local. */
export const utc = timestamp => Date.parse(/(z|[+-]\d\d:\d\d)$/i.test(timestamp) ? timestamp : `${timestamp}Z`);

export function clock(timestamp) {
  const time = new Date(utc(timestamp));
  return Number.isNaN(time.getTime()) ? none : time.toLocaleTimeString([], { hour12: false });
}

const dayFormat = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' });
const clockFormat = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Seconds of Unix as the day, and as the time of day, where this browser is. */
export const day = seconds => dayFormat.format(seconds * 1000);
export const clockMinutes = seconds => clockFormat.format(seconds * 1000);
export const dayAndClock = seconds => `${day(seconds)}, ${clockMinutes(seconds)}`;
export const isMidnight = seconds => clockMinutes(seconds) === '00:00';

/** How long ago, in words; now in milliseconds of the clock that the timestamp is from. */
export function ago(timestamp, now) {
  const seconds = Math.max(0, Math.round((now - utc(timestamp)) / 1000));
  if (Number.isNaN(seconds)) return none;
  if (seconds < 2) return 'now';
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

/** Writes only what differs: a text written again is laid out again, and read out again where it is announced. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
