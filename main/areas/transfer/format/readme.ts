import { batchNamespace, signatureName, tagmanifestName } from "./names.ts";

/** Where the commands look for what the reader brings, and put what they open. */
const keys = '"$HOME/sallyport-keys';
const opened = '"$HOME/sallyport-opened';

/**
 * The text of README.txt in a volume, for somebody who has never heard of Sallyport: how to check and
 * open it with stock tools. Lines that begin with four spaces are commands, to be run in order in the
 * bag's folder; a test runs exactly these.
 */
export function writeReadme(volume: {
  /** Directory name of the bag. */
  readonly bag: string;
  readonly batch: string;
  readonly volume: number;
  readonly volumeCount: number;
  /** Name in the sender's card: the principal of the signature. */
  readonly sender: string;
  /** Fingerprint of the key that signed, to be compared with the card. */
  readonly signerFingerprint: string;
}): string {
  const { sender } = volume;
  return `This folder is volume ${volume.volume} of ${volume.volumeCount} of the batch ${volume.batch}.

It is a BagIt 1.0 bag (RFC 8493). What it carries is compressed with zstd, encrypted with age for one
recipient, and signed with SSH. Nothing but stock tools is needed to check and open it: sha256sum,
ssh-keygen (OpenSSH 8.1 or newer), age, zstd and jq. On Debian:
apt install coreutils openssh-client age zstd jq

Open a terminal in this folder (${volume.bag}) and run the indented lines in their order.

1. Is everything here, byte for byte as it was written?

    sha256sum -c ${tagmanifestName}
    sha256sum -c manifest-sha256.txt

2. Who signed it? Put the card of the sender, the file that was handed over when the two stations were
paired, into the folder sallyport-keys of your home under the name ${sender}.card. Never take the key
from this medium. The card's key should have the fingerprint
${volume.signerFingerprint}

    mkdir -p ${keys}" ${opened}"
    head -n 1 ${keys}/${sender}.card" | jq -r '"\\(.name) namespaces=\\"${batchNamespace}\\" \\(.signingKey)"' > ${keys}/allowed_signers"
    ssh-keygen -Y verify -f ${keys}/allowed_signers" -I ${sender} -n ${batchNamespace} -s ${signatureName} < ${tagmanifestName}

3. What is in it? This needs the age identity of the receiving station, in the same folder under the
name identity.age. If it is protected by a passphrase, age asks for it.

    age -d -i ${keys}/identity.age" data/manifest.zst.age | zstd -d > ${opened}/manifest.json"
    jq . ${opened}/manifest.json"

4. Open the parts that this volume carries, and hold them against the sealed manifest. Each file that
comes out has one JSON record a line.

    for part in data/part-*.zst.age; do test ! -e "$part" || age -d -i ${keys}/identity.age" "$part" | zstd -d > ${opened}/$(basename "$part" .zst.age).jsonl"; done
    jq -r '.parts[] | "\\(.sha256)  \\(.name | ltrimstr("data/") | rtrimstr(".zst.age")).jsonl"' ${opened}/manifest.json" > ${opened}/parts.sha256"
    (cd ${opened}" && test ! -s parts.sha256 || sha256sum -c --ignore-missing parts.sha256)

5. Read the records, for instance the type and id of each.

    find ${opened}" -name '*.jsonl' -exec jq -r '[.type, .id] | @tsv' {} +

The batch may have more volumes; every one has the same batch.json, which names all parts. What the
fields mean, and every rule that a reader enforces, is in the format's page, docs/format.md of
Sallyport.
`;
}
