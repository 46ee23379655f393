// Computes the signature base of a captured request with a `message` signature.
import { joinHead, signatureBase } from 'sealwire-explain';

// Returns the lines of the signature base. Returns an empty list if the capture is not raw HTTP or has no `message` signature.
export function base(capture) {
  const [first, ...lines] = capture.split('\r\n\r\n')[0].split('\r\n');
  const [method, target] = first.split(' ');
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  const valueOf = (name) => headers.find(([each]) => each.toLowerCase() === name)?.[1];
  const input = valueOf('signature-input');
  const label = input?.match(/^\s*([a-z*][\w.*-]*)=/)?.[1];
  if (!label || !valueOf('host')) return [];
  const flat = headers.flat();
  try {
    const head = joinHead([method, target, valueOf('host'), '', ...flat]);
    return signatureBase(head, flat.length, input, label).split('\n');
  } catch {
    return []; // The checks on the page report any error in the signature.
  }
}
