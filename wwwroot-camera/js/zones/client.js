'use strict';

// On the live page too, whose build copies these files: classic scripts, since the camera page must work from file://.
(function (EdgeCloud) {
  const answerTimeoutMs = 10_000;

  /** status: the HTTP status; 0 when there was no answer. message: what the edge says, or that it says nothing. */
  class ZonesError extends Error {
    constructor(message, status = 0) {
      super(message);
      this.status = status;
    }
  }

  const isPoint = point => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);

  /**
   * Zones and lines alike: { kind: 'zone' or 'line', name, points, capacity?, rest }, points relative to the frame;
   * rest is what is not edited here, and goes back as it came.
   */
  function toShapes({ zones, lines }) {
    const shapes = [
      ...zones.map(({ name, points, capacity, ...rest }) =>
        ({ kind: 'zone', name, points, capacity: capacity ?? null, rest })),
      ...lines.map(({ name, from, to, ...rest }) => ({ kind: 'line', name, points: [from, to], rest })),
    ];
    const isShape = ({ name, points }) => typeof name === 'string' && Array.isArray(points) && points.every(isPoint);
    if (!shapes.every(isShape)) throw new TypeError('not a shape');
    return shapes;
  }

  function fromShapes(shapes) {
    const of = kind => shapes.filter(shape => shape.kind === kind);
    return {
      zones: of('zone').map(({ name, points, capacity, rest }) =>
        ({ ...rest, name, points, ...(capacity != null && { capacity }) })),
      lines: of('line').map(({ name, points: [from, to], rest }) => ({ ...rest, name, from, to })),
    };
  }

  async function request(base, deviceId, init) {
    const url = new URL('zones', base);
    url.searchParams.set('device_id', deviceId);
    let response;
    try {
      response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(answerTimeoutMs), ...init });
    } catch {
      throw new ZonesError(`No edge answers at ${url.origin}.`);
    }
    const answer = await response.json().catch(() => null);
    if (!response.ok)
      throw new ZonesError(answer?.detail || answer?.title || `The edge answers ${response.status}.`, response.status);
    try {
      return { version: answer.version, shapes: toShapes(answer) };
    } catch {
      throw new ZonesError(`What answers at ${url.origin} has no zones.`, response.status);
    }
  }

  /** The zones and lines of a device: { version, shapes }. Throws ZonesError. */
  const read = (base, deviceId) => request(base, deviceId);

  /** Puts shapes in place of those of a version; resolves to what they are now. Throws ZonesError. */
  const write = (base, deviceId, { version, shapes }) => request(base, deviceId, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ device_id: deviceId, version, ...fromShapes(shapes) }),
  });

  EdgeCloud.zonesClient = { read, write };
})(window.EdgeCloud ??= {});
