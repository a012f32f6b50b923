/** The hash slot of a key on a Cluster: CRC-16/XMODEM of its hash tag, or of all of it, modulo 16384. */
export function slotOf(key: string): number {
  const tag = /\{([^}]+)\}/.exec(key)?.[1] ?? key;
  let crc = 0;
  for (const octet of Buffer.from(tag, 'utf8')) {
    crc ^= octet << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    crc &= 0xffff;
  }
  return crc % 16384;
}
