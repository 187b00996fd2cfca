/** Three tries are free; a person mistypes. */
const freeTries = 3;
/** NIST SP 800-63B allows a growing delay up to an hour; 15 minutes is what keeps an operator from giving up. */
const longestSeconds = 15 * 60;

/** Seconds until the next passphrase is looked at, after so many wrong ones in a row: 0, 0, 0, 1, 2, 4, 8 … */
export function waitAfter(failures: number): number {
  if (failures <= freeTries) return 0;
  return Math.min(2 ** Math.min(failures - freeTries - 1, 20), longestSeconds);
}
