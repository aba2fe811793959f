# Drops storms that no station would have survived, and smooths: second, station, mean temperature, felt temperature.
BEGIN { FS = OFS = "," }
$4 < 115 {
  mean[$2] = mean[$2] * 0.9 + $3 * 0.1
  print $1, $2, int(mean[$2]), int($3 - $4 * $4 / 100)
}
