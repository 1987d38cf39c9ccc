import { plural, rate, number } from './format.js';

const maxDevices = 10;
const colors = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5'];
const dashes = [undefined, [7, 4]];
const seconds = { '1m': 60, '5m': 300, '1h': 3600, '1d': 86_400 };
const names = { '1m': 'minute', '5m': 'five minutes', '1h': 'hour', '1d': 'day' };

const unix = time => Date.parse(time) / 1000;
const sum = (buckets, value) => buckets.reduce((total, bucket) => total + value(bucket), 0);

/** Over all frames, not over the buckets. */
const average = buckets =>
  sum(buckets, bucket => bucket.persons_average * bucket.frames) / sum(buckets, bucket => bucket.frames);
const maximum = buckets => buckets.reduce((most, bucket) => Math.max(most, bucket.persons_max), 0);
const amount = buckets => `${rate(average(buckets))} on average, ${number(maximum(buckets))} at most`;

/** The devices of an answer with the most frames, at most as many as a chart shows, and how many there are. */
export function busiest({ buckets }) {
  const all = [...Map.groupBy(buckets, bucket => bucket.device_id)];
  const frames = new Map(all.map(([id, own]) => [id, sum(own, bucket => bucket.frames)]));
  const ids = [...frames.keys()].sort((a, b) => frames.get(b) - frames.get(a)).slice(0, maxDevices);
  return { count: all.length, ids: ids.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })) };
}

/**
 * An answer of GET /history as charts show it: { range, said, persons, peaks }, the last two { data, series, words };
 * peaks only by device, where the averages have a line each already.
 * @param count how many devices there are, when it is not those of the answer.
 */
export function toCharts(answer, isByDevice, count) {
  const { buckets, bucket } = answer;
  const moments = withGaps(buckets, seconds[bucket]);
  const name = `Persons by the ${names[bucket]}`;
  const chosen = isByDevice ? busiest(answer).ids.length : 0;
  const of = Math.max(count ?? 0, isByDevice ? busiest(answer).count : 0);
  return {
    range: [unix(answer.from), unix(answer.to)],
    persons: toLines(moments, isByDevice ? averages(answer) : bothNumbers(buckets), name),
    peaks: isByDevice ? toLines(moments, maxima(answer), `${name}, at most`) : null,
    said: `${name}${isByDevice ? ', on average' : ''}.${of > chosen && isByDevice
      ? ` The ${plural(chosen, 'device')} with the most frames, of ${number(of)}; choose one to see another.` : ''}`,
  };
}

const toLines = (moments, lines, name) => ({
  data: [moments, ...lines.map(line => {
    const values = new Map(line.buckets.map(one => [unix(one.start), line.value(one)]));
    return moments.map(moment => values.get(moment) ?? null);
  })],
  series: lines.map(line => line.series),
  words: `${name}: ${lines.map(line => line.words).filter(Boolean).join('; ')}.`,
});

const bothNumbers = buckets => [
  {
    buckets, value: bucket => bucket.persons_average, words: buckets.length ? amount(buckets) : '',
    series: { label: 'Average', color: '--accent', fill: true, value: rate(average(buckets)) },
  },
  {
    buckets, value: bucket => bucket.persons_max, words: '',
    series: { label: 'Maximum', color: '--muted', width: 1, value: number(maximum(buckets)) },
  },
];

const averages = answer => eachDevice(
  answer, bucket => bucket.persons_average, amount, own => `${rate(average(own))}, at most ${number(maximum(own))}`);

const maxima = answer => eachDevice(
  answer, bucket => bucket.persons_max, own => number(maximum(own)), own => number(maximum(own)));

/** A line for each of the busiest devices; words and key say what it amounts to. */
function eachDevice(answer, value, words, key) {
  const byDevice = Map.groupBy(answer.buckets, bucket => bucket.device_id);
  return busiest(answer).ids.map((id, index) => ({
    buckets: byDevice.get(id), value, words: `${id} ${words(byDevice.get(id))}`,
    series: {
      label: id, color: colors[index % colors.length], dash: dashes[Math.floor(index / colors.length)],
      value: key(byDevice.get(id)),
    },
  }));
}

/** When the buckets begin, and one more moment, without values, in each gap, so that no line crosses it. */
function withGaps(buckets, length) {
  const moments = [];
  for (const { start } of buckets) {
    const [before, moment] = [moments.at(-1), unix(start)];
    if (moment === before) continue;
    // A day can have 25 hours.
    if (moment - before > 1.5 * length) moments.push(before + length);
    moments.push(moment);
  }
  return moments;
}
