#!/bin/sh
# Seals one file of records as a batch and signs it, with stock tools alone:
# sha256sum, ssh-keygen, age, zstd, jq and coreutils.
#
#   make-bag.sh SENDER READER.card LINES MEDIUM [SEQUENCE] [PREVIOUS]
#
# SENDER is a folder that make-card.sh filled. Prints the name of the bag.
set -eu

here=$(pwd)
absolute() { case $1 in /*) printf '%s' "$1" ;; *) printf '%s/%s' "$here" "$1" ;; esac; }
sender=$(absolute "$1") reader=$(absolute "$2") lines=$(absolute "$3") medium=$(absolute "$4")
sequence=${5:-1} previous=${6:-}

read_card() { head -n 1 "$1" | jq -r "$2"; }
fingerprint() { ssh-keygen -l -f "$1" | cut -d ' ' -f 2; }
sha256() { sha256sum "$1" | cut -d ' ' -f 1; }
size() { stat -c %s "$1"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

from=$(cat "$sender/station")
to=$(read_card "$reader" .station)
read_card "$reader" .signingKey > "$work/reader.pub"
recipient=$(read_card "$reader" .ageRecipient)
direction=request-to-response
[ "$(read_card "$sender/card" .side)" = request ] || direction=response-to-request
now=$(date -u +%Y-%m-%dT%H:%M:%S.000Z)
id=$(printf 'b%06d-%s' "$sequence" "$(head -c 8 /dev/urandom | od -An -v -tx1 | tr -d ' \n')")

bag=$medium/sallyport/$id.v1
mkdir -p "$bag/data"
cd "$bag"

seal() { zstd -q -1 -c "$1" | age -r "$recipient" -o "$2"; }

seal "$lines" data/part-00001.zst.age

jq -cn \
  --arg id "$id" --arg from "$from" --arg to "$to" --argjson sequence "$sequence" \
  --argjson bytes "$(size "$lines")" --arg sha256 "$(sha256 "$lines")" \
  --argjson records "$(wc -l < "$lines")" \
  --argjson counts "$(jq -cs 'group_by(.type) | map({key: .[0].type, value: length}) | from_entries' "$lines")" \
  '{format: "sallyport-batch@v1", batch: $id, from: $from, to: $to, sequence: $sequence,
    parts: [{name: "data/part-00001.zst.age", bytes: $bytes, sha256: $sha256, records: $records}],
    files: [], counts: $counts, purpose: "", revoked: [],
    have: {lineage: null, through: 0, also: [], safeThrough: 0}}' > "$work/manifest"
seal "$work/manifest" data/manifest.zst.age

jq -cn \
  --arg id "$id" --arg from "$from" --arg to "$to" --argjson sequence "$sequence" \
  --arg fromKey "$(fingerprint "$sender/key.pub")" --arg toKey "$(fingerprint "$work/reader.pub")" \
  --arg lineage "$(cat "$sender/lineage")" --arg direction "$direction" --arg previous "$previous" --arg now "$now" \
  --argjson manifestBytes "$(size data/manifest.zst.age)" --arg manifestSha256 "$(sha256 data/manifest.zst.age)" \
  --argjson partBytes "$(size data/part-00001.zst.age)" --arg partSha256 "$(sha256 data/part-00001.zst.age)" \
  '{format: "sallyport-batch@v1", id: $id,
    from: {station: $from, key: $fromKey, lineage: $lineage}, to: {station: $to, key: $toKey},
    direction: $direction, sequence: $sequence, previous: (if $previous == "" then null else $previous end),
    createdAt: $now, clock: "unsynchronised",
    parts: [{name: "data/manifest.zst.age", bytes: $manifestBytes, sha256: $manifestSha256},
            {name: "data/part-00001.zst.age", bytes: $partBytes, sha256: $partSha256}],
    parity: [], voids: [], checkpoint: null, witnessed: null}' > batch.json

printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' > bagit.txt
printf 'Made with stock tools.\n' > README.txt
sha256sum data/manifest.zst.age data/part-00001.zst.age > manifest-sha256.txt
oxum=$(($(size data/manifest.zst.age) + $(size data/part-00001.zst.age))).2
printf 'Bagging-Date: %.10s\nPayload-Oxum: %s\nBag-Group-Identifier: %s\nBag-Count: 1 of 1\n' \
  "$now" "$oxum" "$id" > bag-info.txt
sha256sum README.txt bag-info.txt bagit.txt batch.json manifest-sha256.txt > tagmanifest-sha256.txt
ssh-keygen -q -Y sign -n sallyport-batch@v1 -f "$sender/key" tagmanifest-sha256.txt

printf '%s\n' "$id.v1"
