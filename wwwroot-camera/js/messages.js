'use strict';

(function (EdgeCloud) {
  const { fromFile, defaultEdge } = EdgeCloud.settings;

  const idle = { title: 'Camera off', detail: 'Press Start and allow the camera when the browser asks.' };
  const starting = { title: 'Opening the camera …', detail: 'If the browser asks for permission, choose Allow.' };
  const badEdgeAddress = { title: 'This is not an address', detail: `Edge address should look like ${defaultEdge}.` };
  const unplugged = {
    title: 'The camera was disconnected',
    detail: 'It was unplugged or another program took it over. Connect it again, then press Start.',
  };
  const paused = { title: 'Paused', detail: 'This tab is hidden: no frame is taken or sent until you are back.' };
  const stored = 'Kafka is unavailable or behind: stored, will be sent.';
  const readingPhoto = { title: 'Reading the photo …', detail: '' };
  const lookingAtPhoto = {
    title: 'Looking at the photo …', detail: 'Closely, part by part: for a large one that takes a few seconds.',
  };
  const unreadablePhoto = {
    title: 'This is not a picture the browser can read', detail: 'Choose a JPEG, PNG or WebP file.',
  };

  const cameraTexts = {
    InsecureContextError: {
      title: 'The browser offers no camera here',
      detail: `Cameras work only on https:// pages and on localhost. Open this page as ${defaultEdge}/, `
        + 'for an edge elsewhere through a port-forward; a photo works here too.',
    },
    NotAllowedError: {
      title: 'The camera is blocked',
      detail: 'Allow it with the camera or lock symbol beside the address, then press Start again.',
    },
    SystemBlocked: {
      title: 'The system blocks the camera',
      detail: 'Allow this browser to use the camera in the privacy settings of your operating '
        + 'system, then press Start again.',
    },
    NotFoundError: { title: 'No camera found', detail: 'Connect a camera, then press Start again, or use a photo.' },
    NotReadableError: {
      title: 'The camera is in use',
      detail: 'Another program seems to hold it, or it does not respond. '
        + 'Close that program or reconnect the camera, then press Start again.',
    },
    OverconstrainedError: {
      title: 'That camera is not available',
      detail: 'Connect it, or choose another one under Camera, then press Start again.',
    },
    NoPictureError: {
      title: 'The camera sends no picture',
      detail: 'It is open but stays dark. Check its shutter or cable, or choose another one.',
    },
  };
  const sameText = {
    SecurityError: 'NotAllowedError', AbortError: 'NotReadableError', DevicesNotFoundError: 'NotFoundError',
  };

  function cameraFailure(error) {
    if (error.name === 'NotAllowedError' && /system/i.test(error.message)) return cameraTexts.SystemBlocked;
    const unknown = { title: 'The camera could not be opened', detail: `${error.name}: ${error.message}` };
    const text = cameraTexts[sameText[error.name] ?? error.name] ?? unknown;
    if (text !== cameraTexts.NotAllowedError || !fromFile) return text;
    return {
      ...text, detail: `${text.detail} For a page opened as a file, some browsers do not ask at all; `
        + `${defaultEdge}/ is the same page.`,
    };
  }

  const httpTexts = {
    400: { title: 'The edge could not read the frame', detail: 'It was not a valid JPEG on arrival.' },
    404: { title: 'This is not an edge', detail: 'The address answers, but does not know /frame.' },
    413: {
      title: 'The frame is too large for the edge',
      detail: 'Its limit for bytes or pixels is lower than what this camera sends.',
    },
    415: { title: 'The edge does not accept this type', detail: 'It expects JSON with a JPEG inside.' },
    429: { title: 'The edge is busy', detail: 'It receives more frames than it can analyse.' },
    503: { title: 'The edge is not ready yet', detail: 'It is still loading its models.' },
  };

  function edgeFailure(error, base) {
    const edge = base.origin;
    switch (error.kind) {
      case 'unreachable':
        return { title: 'Edge unreachable, retrying', detail: `Nothing answers at ${edge}. Is it running?` };
      case 'interrupted':
        return { title: 'The connection was lost', detail: `${edge} is there, but this frame got no answer.` };
      case 'blocked': {
        const here = fromFile ? 'a page opened as a file' : location.origin;
        return {
          title: 'The browser blocks this page from the edge',
          detail: `${edge} answers, but not to ${here}. Open ${edge}/ instead.`,
        };
      }
      case 'timeout':
        return { title: 'The edge does not answer', detail: `${edge} received the frame and sent no answer.` };
      case 'garbled':
        return {
          title: 'The answer is not an event',
          detail: `${edge} sent something else than a detection event. Is it really the edge?`,
        };
      case 'http': {
        const text = httpTexts[error.status] ?? { title: 'The edge reports an error', detail: '' };
        return {
          title: error.title || text.title, detail: `${error.detail || text.detail} (HTTP ${error.status})`.trim(),
        };
      }
      default:
        return { title: 'Something on this page failed', detail: `${error.name}: ${error.message}` };
    }
  }

  const countOf = count => (count === 0 ? 'Nobody' : count === 1 ? '1 person' : `${count} persons`);
  const persons = count => `${countOf(count)} in view`;
  /** @param size that the photo was scaled down to; null for one that was not. */
  const personsInPhoto = (count, size) => ({
    title: `${countOf(count)} in the photo`,
    detail: (size ? `It was scaled down to ${size.width} × ${size.height} pixels, which the edge accepts. ` : '')
      + 'Drop another one, or start the camera.',
  });
  const seconds = milliseconds => `${Math.max(1, Math.round(milliseconds / 1000))} s`;
  const retrying = (text, delayMs) =>
    ({ title: text.title, detail: `${text.detail} Trying again in ${seconds(delayMs)}.` });

  EdgeCloud.messages = {
    idle, starting, badEdgeAddress, unplugged, paused, stored, readingPhoto, lookingAtPhoto, unreadablePhoto,
    cameraFailure, edgeFailure, persons, personsInPhoto, retrying,
  };
})(window.EdgeCloud ??= {});
