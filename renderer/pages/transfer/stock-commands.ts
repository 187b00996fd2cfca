/**
 * The commands that check a batch's first volume with stock tools alone, as README.txt on the medium has them.
 * `signer` is the peer's name in allowed_signers.
 */
export function stockCommands(batch: string, signer: string): string {
  return [
    `cd sallyport/${batch}.v1`,
    `ssh-keygen -Y verify -f allowed_signers -I ${signer} \\`,
    "  -n sallyport-batch@v1 -s tagmanifest-sha256.txt.sig \\",
    "  < tagmanifest-sha256.txt",
    "sha256sum -c tagmanifest-sha256.txt manifest-sha256.txt",
  ].join("\n");
}
