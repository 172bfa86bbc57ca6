# A damaged group of many links, read by a process whose memory holds junk: refused in one line.
. "$HERE/../tiny.sh"
tiny_data
"$BIN/attune-train" --config cell.json --set learner.encoder.hidden=[8,8,8,8] --pool pool.h5 -q -o m.h5 > /dev/null
damaged=0
for signature in BTLF FHDB FRHP BTHD; do
  for at in $(grep -obUa "$signature" m.h5 | cut -d : -f 1); do
    for offset in 6 20 40; do
      cp m.h5 d.h5
      printf '\xaa' | dd of=d.h5 bs=1 seek=$((at + offset)) conv=notrunc status=none
      cmp -s m.h5 d.h5 && continue
      status=0
      MALLOC_PERTURB_=90 "$BIN/attune-inspect" d.h5 > out 2> err || status=$?
      # Bytes that nothing uses do no harm.
      ((status == 0)) && continue
      [ "$status" = 1 ] && [ "$(wc -l < err)" = 1 ] && grep -q 'd.h5: ' err
      damaged=$((damaged + 1))
    done
  done
done
((damaged > 10))
