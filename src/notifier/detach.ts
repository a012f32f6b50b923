/**
 * A deep copy of plain data that shares no memory with what it was read from. In V8 a slice of a string keeps the
 * whole string: without this, each record would keep the datagram of its SUBSCRIBE alive (0.5 to 1 kB).
 */
export function detach<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
