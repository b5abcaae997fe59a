// A pad to sign on: pen, finger, mouse. Nothing is a signature until a line was drawn.

/** Draws on one canvas; `isEmpty()` and `picture()` (a PNG data URL) are what it knows. */
export class Pad {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
    this.length = 0;
    canvas.addEventListener("pointerdown", (event) => this.start(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (this.last = null));
    this.clear();
  }

  clear() {
    this.pen.fillStyle = "#fff";
    this.pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
    Object.assign(this.pen, { strokeStyle: "#111", lineWidth: 4, lineCap: "round", lineJoin: "round" });
    this.length = 0;
    this.last = null;
  }

  isEmpty() {
    return this.length < 40;
  }

  picture() {
    return this.canvas.toDataURL("image/png");
  }

  /** Draw a signature that was made before. @param {string} picture its data URL */
  show(picture) {
    const image = new Image();
    image.onload = () => this.pen.drawImage(image, 0, 0, this.canvas.width, this.canvas.height);
    image.src = picture;
    this.length = Infinity;
  }

  start(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.place(event);
  }

  move(event) {
    if (!this.last) return;
    const here = this.place(event);
    this.pen.beginPath();
    this.pen.moveTo(...this.last);
    this.pen.lineTo(...here);
    this.pen.stroke();
    this.length += Math.hypot(here[0] - this.last[0], here[1] - this.last[1]);
    this.last = here;
    this.canvas.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * this.canvas.width) / box.width,
      ((event.clientY - box.top) * this.canvas.height) / box.height,
    ];
  }
}

/** A photo of at most 1,600 px, as a JPEG of about 200 kB. @param {File} photo */
export async function shrunk(photo) {
  const image = await createImageBitmap(photo);
  const scale = Math.min(1, 1600 / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.7);
}
