/**
 * A photograph made small on the device that took it: drawn anew, so that nothing of where and when
 * it was taken goes along.
 */

const LONGEST = 2048; // pixels of a side
const AIM = 700 << 10; // bytes
const QUALITIES = [0.85, 0.75, 0.65]; // until it is no more than AIM
const CANVAS = 1 << 24; // pixels that every browser draws at once

/**
 * A JPEG of it; the file itself when this browser can't read it, and the server says what is wrong.
 * @param {File} file @returns {Promise<File>}
 */
export async function shrunk(file) {
  let image;
  try {
    image = await decoded(file);
  } catch {
    return file;
  }
  const canvas = draw(image);
  if (image.close) image.close();
  let blob = null;
  for (const quality of QUALITIES) {
    blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (!blob) return file;
    if (blob.size <= AIM) break;
  }
  const name = file.name.replace(/\.[^.]*$/, "") || "photo";
  return new File([blob], `${name}.jpg`, { type: "image/jpeg", lastModified: file.lastModified });
}

/** Upright, as the camera was held. */
async function decoded(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    const image = new Image(); // older browsers know no options, or not this kind
    image.src = URL.createObjectURL(file);
    try {
      await image.decode();
      return image;
    } finally {
      URL.revokeObjectURL(image.src);
    }
  }
}

function draw(image) {
  const [wide, high] = [image.naturalWidth || image.width, image.naturalHeight || image.height];
  const scale = Math.min(1, LONGEST / Math.max(wide, high), Math.sqrt(CANVAS / (wide * high)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(wide * scale));
  canvas.height = Math.max(1, Math.round(high * scale));
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}
