'use strict';

(function (EdgeCloud) {
  const longestTrail = 20;
  const oldestMs = 10_000;

  /** Of renamed lines; a device has at most 16 at a time. */
  const mostLines = 64;

  const hasId = face => Number.isFinite(face?.track_id);
  const isBox = face => [face?.xmin, face?.ymin, face?.width, face?.height].every(Number.isFinite);
  const list = value => (Array.isArray(value) ? value : []);

  /** What one device's events have said since the page was opened: where its tracks went, and who crossed its lines. */
  function createTracks() {
    const trails = new Map();
    const crossings = new Map();
    let present = [];
    let occupancy = [];

    /** Each event once, in order. */
    function take(event, now = performance.now()) {
      const faces = list(event.faces).filter(face => hasId(face) && isBox(face));
      present = faces.map(face => face.track_id);
      for (const { track_id: id, xmin, ymin, width, height } of faces) {
        const trail = trails.get(id) ?? [];
        trails.set(id, [...trail.slice(1 - longestTrail), { point: [xmin + width / 2, ymin + height / 2], at: now }]);
      }
      for (const [id, trail] of trails) {
        const recent = trail.filter(({ at }) => at > now - oldestMs);
        if (recent.length) trails.set(id, recent);
        else trails.delete(id);
      }
      occupancy = list(event.zones?.occupancy);
      for (const { line, direction } of list(event.zones?.crossings)) count(line, direction);
    }

    function count(line, direction) {
      const counts = crossings.get(line) ?? { forward: 0, backward: 0 };
      if (direction in counts) counts[direction]++;
      crossings.set(line, counts);
      if (crossings.size > mostLines) crossings.delete(crossings.keys().next().value);
    }

    /** Of the newest event, oldest point first: { id, points }. A face that was missed once has its own back. */
    const seen = () => present.map(id => ({ id, points: trails.get(id).map(({ point }) => point) }));

    /** Persons in a zone, by the newest event; undefined where it does not say. */
    const personsIn = zone => occupancy.find(one => one.zone === zone)?.persons;

    const crossingsOf = line => crossings.get(line) ?? { forward: 0, backward: 0 };

    /** What was seen is over; what was counted stays. */
    function pause() {
      trails.clear();
      [present, occupancy] = [[], []];
    }

    return { take, seen, personsIn, crossingsOf, pause };
  }

  EdgeCloud.tracks = { createTracks };
})(window.EdgeCloud ??= {});
