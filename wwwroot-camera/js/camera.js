'use strict';

(function (EdgeCloud) {
  const jpegQuality = 0.8;
  const firstPictureTimeoutMs = 10_000;

  function cameraError(name) {
    return Object.assign(new Error(name), { name });
  }

  function release(stream) {
    for (const track of stream.getTracks()) track.stop();
  }

  // Chromium has a black placeholder ready at `loadeddata`; the camera's first picture is there from `playing` on.
  function firstPicture(video, signal) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(() => reject(cameraError('NoPictureError'))), firstPictureTimeoutMs);
      const settle = action => {
        clearTimeout(timer);
        video.removeEventListener('playing', onPicture);
        signal.removeEventListener('abort', onAbort);
        action();
      };
      const onPicture = () => settle(resolve);
      const onAbort = () => settle(() => reject(signal.reason));
      video.addEventListener('playing', onPicture);
      signal.addEventListener('abort', onAbort);
    });
  }

  /**
   * A camera shown in the given video element. `onLost` is called when it goes away without close() having been called.
   */
  function createCamera(video, onLost) {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d', { alpha: false });
    let stream = null;
    let longestSide = 640;

    /**
     * @param wanted the camera by `exactId`, or `preferredId`, which gives way to another camera, or else the one that
     * is `facing` the user or the environment; `width` and `height` in pixels. No more pixels than are sent: a larger
     * picture would only be scaled down again, at the cost of energy.
     */
    async function open({ exactId, preferredId, facing = 'user', width, height }, signal) {
      if (!navigator.mediaDevices?.getUserMedia) throw cameraError('InsecureContextError');
      const which = exactId
        ? { deviceId: { exact: exactId } }
        : preferredId ? { deviceId: { ideal: preferredId } } : { facingMode: facing };
      const size = { width: { ideal: width }, height: { ideal: height } };
      const opened = await navigator.mediaDevices.getUserMedia({ video: { ...size, ...which }, audio: false });
      if (signal.aborted) {
        release(opened);
        throw signal.reason;
      }
      if (stream) release(stream);
      stream = opened;
      longestSide = Math.max(width, height);
      const [track] = stream.getVideoTracks();
      track.addEventListener('ended', () => {
        if (stream === opened) onLost();
      });
      const picture = firstPicture(video, signal);
      video.srcObject = stream;
      await picture;
      const { deviceId = '', facingMode } = track.getSettings();
      return { id: deviceId, facesAway: facingMode === 'environment' };
    }

    function close() {
      if (stream) release(stream);
      stream = null;
      video.srcObject = null;
    }

    const track = () => stream?.getVideoTracks()[0];

    /** Whether it has gone away, as some phones' do when the screen is locked. */
    const isEnded = () => track()?.readyState === 'ended';

    /** Whether it sends black only, as others' do then, and sometimes for good. */
    const isMuted = () => track()?.muted === true;

    /**
     * The current picture, and as a JPEG data URL when encode() is called. The returned canvas holds the same picture
     * until the next capture.
     */
    function capture() {
      const scale = Math.min(1, longestSide / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
      canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      return { canvas, capturedAt: new Date(), encode: () => canvas.toDataURL('image/jpeg', jpegQuality) };
    }

    return { open, close, capture, isEnded, isMuted };
  }

  /** The cameras present. Before permission browsers withhold ids and labels: such entries are left out. */
  async function listCameras() {
    const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    return devices
      .filter(device => device.kind === 'videoinput' && device.deviceId)
      .map((device, index) => ({ id: device.deviceId, label: device.label || `Camera ${index + 1}` }));
  }

  EdgeCloud.camera = { createCamera, listCameras };
})(window.EdgeCloud ??= {});
