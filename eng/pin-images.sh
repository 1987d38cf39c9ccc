#!/usr/bin/env bash
# Images are pinned as NAME:TAG@DIGEST. This asks the registries which digest each tag has now, and writes it wherever
# the old one stands; ./edgecloud publish is next. With --check it only asks whether what is pinned can be had.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tracked=(--recursive --exclude-dir=bin --exclude-dir=obj --include=Dockerfile.* --include=*.cs --include=*.yaml
  --include=*.yml)
pinned=$(grep "${tracked[@]}" --only-matching --no-filename --extended-regexp \
  '[a-z0-9.]+/[a-z0-9./-]+:[A-Za-z0-9._-]+@sha256:[0-9a-f]{64}' . | sort --unique)

status=0
for image in $pinned; do
  tagged=${image%@*}
  old=${image#*@}
  if [ "${1:-}" = --check ]; then
    docker buildx imagetools inspect "${tagged%:*}@$old" > /dev/null || { echo "$image cannot be had."; status=1; }
    continue
  fi
  new=$(docker buildx imagetools inspect "$tagged" --format '{{.Manifest.Digest}}')
  [ "$new" = "$old" ] && continue
  echo "$tagged: $new"
  grep "${tracked[@]}" --files-with-matches --fixed-strings "$old" . | xargs sed --in-place "s/$old/$new/g"
done
exit "$status"
