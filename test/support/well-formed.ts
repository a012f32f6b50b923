import { SaxesParser } from 'saxes';

/** True for a well-formed XML document, namespaces included, as a strict parser sees it. */
export function isWellFormed(text: string): boolean {
  const parser = new SaxesParser({ xmlns: true });
  let fine = true;
  parser.on('error', () => {
    fine = false;
  });
  parser.write(text).close();
  return fine;
}
