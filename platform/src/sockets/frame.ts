/** A WebSocket frame as it stands on the wire, for a text that goes to many: built once, written as it is. RFC 6455 §5.2. */
const textFrame = 0x81;
const length16 = 126;
const length64 = 127;
const length16Max = 0xffff;
const uint32 = 2 ** 32;

/** One whole, unmasked text message. */
export function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const start = length < length16 ? 2 : length <= length16Max ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = textFrame;
  if (start === 2) frame[1] = length;
  else if (start === 4) {
    frame[1] = length16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = length64;
    frame.writeUInt32BE(Math.floor(length / uint32), 2);
    frame.writeUInt32BE(length % uint32, 6);
  }
  frame.write(text, start);
  return frame;
}

/** An empty ping. */
export const pingFrame = Buffer.from([0x89, 0]);
