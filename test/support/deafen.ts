import type { Phone } from './phone.ts';

/** Cuts a phone off from all that is sent to it, as if its cable were out; gives the way to plug it in again. */
export function deafen(phone: Phone): () => void {
  const hear = phone.hear.bind(phone);
  phone.hear = () => {};
  return () => {
    phone.hear = hear;
  };
}
