# One line for each hour and station: how many readings, lowest felt, highest and mean temperature.
BEGIN { FS = OFS = "," }
{
  key = int($1 / 3600) "," $2
  n[key]++
  sum[key] += $3
  if (n[key] == 1 || $4 < low[key]) low[key] = $4
  if (n[key] == 1 || $3 > high[key]) high[key] = $3
}
END { for (key in n) print key, n[key], low[key], high[key], int(sum[key] / n[key]) }
