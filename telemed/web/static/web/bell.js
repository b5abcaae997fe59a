/**
 * A socket that only rings: what it says is small, and the page looks for the rest by itself. It
 * says that somebody is there, and how far they have read; when it closes it comes back, the later
 * the longer nobody answers. After a restart of the server all pages do not come at once.
 */
const HEARTBEAT = 8000; // ms
const CAP = 30000; // ms between two tries to come back
const RESTARTS = 1012; // as in rooms/socket.js: the server goes and comes back
const SPREAD = 5000; // ms over which its pages come back

/**
 * @param {string} path
 * @param {{
 *   frame: (said: any) => void,
 *   opened?: () => void,
 *   closed?: (code: number) => boolean,
 * }} does `closed` answers whether to come back
 */
export function listen(path, { frame, opened = () => {}, closed = () => true }) {
  let tries = 0;

  function connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${path}`);
    let frames = 0;
    let beat = 0;
    socket.onopen = () => {
      tries = 0;
      const send = () => {
        socket.send(JSON.stringify({ do: "heartbeat" }));
        socket.send(JSON.stringify({ do: "seen", frames }));
      };
      send();
      beat = window.setInterval(send, HEARTBEAT);
      opened();
    };
    socket.onmessage = (event) => {
      frames += 1;
      frame(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      clearInterval(beat);
      if (!closed(event.code)) return;
      tries += 1;
      const wait = Math.min(CAP, 1000 * 2 ** Math.min(tries, 6));
      const spread = event.code === RESTARTS ? Math.random() * SPREAD : wait / 2 + (Math.random() * wait) / 2;
      setTimeout(connect, spread);
    };
  }

  connect();
}
