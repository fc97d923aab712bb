# How the gateway's processor time with the layers of resilience relates to that without, from the lines that measure.sh
# writes. Behind median.awk.
BEGIN { FS = "\t" }

$1 ~ /^layers/ && $3 == "cpu:gateway" { value[$2, $4] = $5; if ($4 > rounds) rounds = $4 }

END {
    for (round = 1; round <= rounds; round++) {
        if (!value["without", round]) continue
        ratios[++count] = value["with", round] / value["without", round]
        differences[count] = value["with", round] - value["without", round]
    }
    if (!count) exit
    ratio = sortAndTake(ratios, count)
    printf "layers of resilience: %.2f us of CPU a request, %.1f %%   goal < 3 %%%s\n", sortAndTake(differences, count), \
        (ratio - 1) * 100, ratio < 1.03 ? "" : ", missed"
}
