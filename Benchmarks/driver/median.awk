# The median of values[1...count], which it sorts.
function sortAndTake(values, count,    i, j, t) {
    for (i = 2; i <= count; i++) { t = values[i]; for (j = i - 1; j > 0 && values[j] > t; j--) values[j + 1] = values[j]; values[j + 1] = t }
    return count % 2 ? values[(count + 1) / 2] : (values[count / 2] + values[count / 2 + 1]) / 2
}
