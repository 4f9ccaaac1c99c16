#!/bin/sh
# Takes the index of this image into the data folder, where the store stays from image to image, then starts the bot.
set -eu
rm -rf /data/index.new /data/models.new
for part in index models; do
    cp -r "/seed/$part" "/data/$part.new"
    rm -rf "/data/$part"
    mv "/data/$part.new" "/data/$part"
done
exec /app/bin/advisor slack run
