/** Bodies as real programs write them: each loses something when it is parsed and printed again. */
export const bodies: readonly string[] = [
  '{"sensor": "A-17", "reading": 21.50, "unit": "\\u00b0C"}',
  '{ "package" : "libc6" , "version" : "2.36-9+deb12u10" , "sizeKiB" : 12986 }',
  '["ext4","/dev/sda1",  251.0e0, 9007199254740993, -0, 1E5]',
  '{"path":"C:\\\\Users\\\\Ops\\u0020Room\\/log.txt","ok":true}',
  '{"b":1,"a":2,"10":3,"9":4}',
  '"a body may be a string: \u2028 line and \u2029 paragraph separators stay"',
  "12345678901234567890.000",
  "null",
  '{"text":"Grüße, naïve café, 日本語, 🛰️ \\ud83d\\ude80"}',
  '{"nested":{"list":[[],[{}],[[{"deep":[1,[2,[3]]]}]]]},"empty":""}',
  '{"html":"<img src=x onerror=alert(1)>","formula":"=cmd|\' /C calc\'!A0","bidi":"\\u202etxt.exe"}',
  '{"ansi":"\\u001b[31mred\\u001b[0m","tab":"\\t","quote":"\\"","slash":"\\/"}',
];

/** `count` lines around the sample bodies, each different from the others. */
export function manyBodies(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `{"n":${index},  "sample":${bodies[index % bodies.length] ?? "null"}}`,
  );
}
