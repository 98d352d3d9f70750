;; The loops over a whole vocabulary, four scores at a time. `assemble.mjs` in tools/kernels turns this into kernels.wasm.ts.
;; Scores are float32; lists are padded with -Infinity to a multiple of 64 and start at multiples of 16 bytes.
(module
  (memory (export "memory") 1)

  ;; The highest of each 64 scores, into `blocks`; returns the highest of all, NaN passed over. Into `into`: f32 the lowest, f32 the sum of all, which is NaN
  ;; where one is (or by overflow, or where Infinity meets -Infinity). count: of 64. The quick kinds of max and min, one instruction each.
  (func (export "maxima") (param $scores i32) (param $count i32) (param $blocks i32) (param $into i32) (result f32)
    (local $end i32) (local $stop i32) (local $all v128) (local $one v128) (local $low v128) (local $sum v128) (local $a v128) (local $b v128)
    (local.set $end (i32.add (local.get $scores) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $all (f32x4.splat (f32.const -inf)))
    (local.set $low (f32x4.splat (f32.const inf)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $scores) (local.get $end)))
        (local.set $one (f32x4.splat (f32.const -inf)))
        (local.set $stop (i32.add (local.get $scores) (i32.const 256)))
        (loop $part
          (local.set $a (v128.load offset=0 (local.get $scores)))
          (local.set $b (v128.load offset=16 (local.get $scores)))
          (local.set $low (f32x4.pmin (f32x4.pmin (local.get $low) (local.get $a)) (local.get $b)))
          (local.set $sum (f32x4.add (f32x4.add (local.get $sum) (local.get $a)) (local.get $b)))
          (local.set $one (f32x4.pmax (f32x4.pmax (local.get $one) (local.get $a)) (local.get $b)))
          (local.set $a (v128.load offset=32 (local.get $scores)))
          (local.set $b (v128.load offset=48 (local.get $scores)))
          (local.set $low (f32x4.pmin (f32x4.pmin (local.get $low) (local.get $a)) (local.get $b)))
          (local.set $sum (f32x4.add (f32x4.add (local.get $sum) (local.get $a)) (local.get $b)))
          (local.set $one (f32x4.pmax (f32x4.pmax (local.get $one) (local.get $a)) (local.get $b)))
          (br_if $part (i32.lt_u (local.tee $scores (i32.add (local.get $scores) (i32.const 64))) (local.get $stop))))
        (local.set $all (f32x4.pmax (local.get $all) (local.get $one)))
        (local.set $one
          (f32x4.pmax (local.get $one) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $one) (local.get $one))))
        (f32.store (local.get $blocks)
          (f32x4.extract_lane 0
            (f32x4.pmax (local.get $one) (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $one) (local.get $one)))))
        (local.set $blocks (i32.add (local.get $blocks) (i32.const 4)))
        (br $next)))
    (f32.store offset=0 (local.get $into)
      (f32.min
        (f32.min (f32x4.extract_lane 0 (local.get $low)) (f32x4.extract_lane 1 (local.get $low)))
        (f32.min (f32x4.extract_lane 2 (local.get $low)) (f32x4.extract_lane 3 (local.get $low)))))
    (f32.store offset=4 (local.get $into)
      (f32.add
        (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
        (f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum)))))
    (f32.max
      (f32.max (f32x4.extract_lane 0 (local.get $all)) (f32x4.extract_lane 1 (local.get $all)))
      (f32.max (f32x4.extract_lane 2 (local.get $all)) (f32x4.extract_lane 3 (local.get $all)))))

  ;; Weights are e^(score - top). What lies more than 86 below the top counts as lying there, where e^-86 is as good as nothing. As 2^n 2^r with
  ;; |r| <= 1/2: 2^r a polynomial of degree 5 fitted for the least relative error (1e-7), n by adding 1.5 * 2^23, which leaves it in the low bits. The
  ;; difference is rounded to float32: a weight is good to 1e-7 near the top, to 2e-6 at 30 below it. Written out for each four scores, and with its
  ;; constants at hand: a call, or a constant made anew, costs a third more.

  ;; Into `into`: f64 the sum of the weights, f64 the sum of (score - top), weighted; added up as float32 within 64 scores. count: of 64.
  (func (export "sums") (param $scores i32) (param $count i32) (param $top f32) (param $into i32)
    (local $end i32) (local $stop i32) (local $tops v128) (local $floor v128) (local $power v128) (local $shifted v128) (local $r v128)
    (local $z v128) (local $w v128) (local $zs v128) (local $ws v128)
    (local $e0 v128) (local $e1 v128) (local $e2 v128) (local $e3 v128) (local $d0 v128) (local $d1 v128) (local $d2 v128) (local $d3 v128)
    (local $log2e v128) (local $round v128) (local $c5 v128) (local $c4 v128) (local $c3 v128) (local $c2 v128) (local $c1 v128) (local $c0 v128)
    (local.set $log2e (f32x4.splat (f32.const 1.44269504088896341)))
    (local.set $round (f32x4.splat (f32.const 12582912)))
    (local.set $c5 (f32x4.splat (f32.const 1.3264699764e-3)))
    (local.set $c4 (f32x4.splat (f32.const 9.6715340594e-3)))
    (local.set $c3 (f32x4.splat (f32.const 5.5507340025e-2)))
    (local.set $c2 (f32x4.splat (f32.const 2.4022241758e-1)))
    (local.set $c1 (f32x4.splat (f32.const 6.9314697735e-1)))
    (local.set $c0 (f32x4.splat (f32.const 1)))
    (local.set $end (i32.add (local.get $scores) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $tops (f32x4.splat (local.get $top)))
    (local.set $floor (f32x4.sub (local.get $tops) (f32x4.splat (f32.const 86))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $scores) (local.get $end)))
        (local.set $zs (f32x4.splat (f32.const 0)))
        (local.set $ws (f32x4.splat (f32.const 0)))
        (local.set $stop (i32.add (local.get $scores) (i32.const 256)))
        (loop $part
          (local.set $e0 (v128.load offset=0 (local.get $scores)))
          (local.set $d0 (f32x4.sub (f32x4.pmax (local.get $floor) (local.get $e0)) (local.get $tops)))
          (local.set $power (f32x4.mul (local.get $d0) (local.get $log2e)))
          (local.set $shifted (f32x4.add (local.get $power) (local.get $round)))
          (local.set $r (f32x4.sub (local.get $power) (f32x4.sub (local.get $shifted) (local.get $round))))
          (local.set $e0 (f32x4.add (f32x4.mul (local.get $c5) (local.get $r)) (local.get $c4)))
          (local.set $e0 (f32x4.add (f32x4.mul (local.get $e0) (local.get $r)) (local.get $c3)))
          (local.set $e0 (f32x4.add (f32x4.mul (local.get $e0) (local.get $r)) (local.get $c2)))
          (local.set $e0 (f32x4.add (f32x4.mul (local.get $e0) (local.get $r)) (local.get $c1)))
          (local.set $e0 (f32x4.add (f32x4.mul (local.get $e0) (local.get $r)) (local.get $c0)))
          (local.set $e0 (i32x4.add (local.get $e0) (i32x4.shl (local.get $shifted) (i32.const 23))))
          (local.set $e1 (v128.load offset=16 (local.get $scores)))
          (local.set $d1 (f32x4.sub (f32x4.pmax (local.get $floor) (local.get $e1)) (local.get $tops)))
          (local.set $power (f32x4.mul (local.get $d1) (local.get $log2e)))
          (local.set $shifted (f32x4.add (local.get $power) (local.get $round)))
          (local.set $r (f32x4.sub (local.get $power) (f32x4.sub (local.get $shifted) (local.get $round))))
          (local.set $e1 (f32x4.add (f32x4.mul (local.get $c5) (local.get $r)) (local.get $c4)))
          (local.set $e1 (f32x4.add (f32x4.mul (local.get $e1) (local.get $r)) (local.get $c3)))
          (local.set $e1 (f32x4.add (f32x4.mul (local.get $e1) (local.get $r)) (local.get $c2)))
          (local.set $e1 (f32x4.add (f32x4.mul (local.get $e1) (local.get $r)) (local.get $c1)))
          (local.set $e1 (f32x4.add (f32x4.mul (local.get $e1) (local.get $r)) (local.get $c0)))
          (local.set $e1 (i32x4.add (local.get $e1) (i32x4.shl (local.get $shifted) (i32.const 23))))
          (local.set $e2 (v128.load offset=32 (local.get $scores)))
          (local.set $d2 (f32x4.sub (f32x4.pmax (local.get $floor) (local.get $e2)) (local.get $tops)))
          (local.set $power (f32x4.mul (local.get $d2) (local.get $log2e)))
          (local.set $shifted (f32x4.add (local.get $power) (local.get $round)))
          (local.set $r (f32x4.sub (local.get $power) (f32x4.sub (local.get $shifted) (local.get $round))))
          (local.set $e2 (f32x4.add (f32x4.mul (local.get $c5) (local.get $r)) (local.get $c4)))
          (local.set $e2 (f32x4.add (f32x4.mul (local.get $e2) (local.get $r)) (local.get $c3)))
          (local.set $e2 (f32x4.add (f32x4.mul (local.get $e2) (local.get $r)) (local.get $c2)))
          (local.set $e2 (f32x4.add (f32x4.mul (local.get $e2) (local.get $r)) (local.get $c1)))
          (local.set $e2 (f32x4.add (f32x4.mul (local.get $e2) (local.get $r)) (local.get $c0)))
          (local.set $e2 (i32x4.add (local.get $e2) (i32x4.shl (local.get $shifted) (i32.const 23))))
          (local.set $e3 (v128.load offset=48 (local.get $scores)))
          (local.set $d3 (f32x4.sub (f32x4.pmax (local.get $floor) (local.get $e3)) (local.get $tops)))
          (local.set $power (f32x4.mul (local.get $d3) (local.get $log2e)))
          (local.set $shifted (f32x4.add (local.get $power) (local.get $round)))
          (local.set $r (f32x4.sub (local.get $power) (f32x4.sub (local.get $shifted) (local.get $round))))
          (local.set $e3 (f32x4.add (f32x4.mul (local.get $c5) (local.get $r)) (local.get $c4)))
          (local.set $e3 (f32x4.add (f32x4.mul (local.get $e3) (local.get $r)) (local.get $c3)))
          (local.set $e3 (f32x4.add (f32x4.mul (local.get $e3) (local.get $r)) (local.get $c2)))
          (local.set $e3 (f32x4.add (f32x4.mul (local.get $e3) (local.get $r)) (local.get $c1)))
          (local.set $e3 (f32x4.add (f32x4.mul (local.get $e3) (local.get $r)) (local.get $c0)))
          (local.set $e3 (i32x4.add (local.get $e3) (i32x4.shl (local.get $shifted) (i32.const 23))))
          (local.set $ws
            (f32x4.add (local.get $ws)
              (f32x4.add
                (f32x4.add (f32x4.mul (local.get $d0) (local.get $e0)) (f32x4.mul (local.get $d1) (local.get $e1)))
                (f32x4.add (f32x4.mul (local.get $d2) (local.get $e2)) (f32x4.mul (local.get $d3) (local.get $e3))))))
          (local.set $zs
            (f32x4.add (local.get $zs) (f32x4.add (f32x4.add (local.get $e0) (local.get $e1)) (f32x4.add (local.get $e2) (local.get $e3)))))
          (br_if $part (i32.lt_u (local.tee $scores (i32.add (local.get $scores) (i32.const 64))) (local.get $stop))))
        (local.set $z (f64x2.add (local.get $z) (f64x2.add
          (f64x2.promote_low_f32x4 (local.get $zs))
          (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $zs) (local.get $zs))))))
        (local.set $w (f64x2.add (local.get $w) (f64x2.add
          (f64x2.promote_low_f32x4 (local.get $ws))
          (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $ws) (local.get $ws))))))
        (br $next)))
    (f64.store offset=0 (local.get $into) (f64.add (f64x2.extract_lane 0 (local.get $z)) (f64x2.extract_lane 1 (local.get $z))))
    (f64.store offset=8 (local.get $into) (f64.add (f64x2.extract_lane 0 (local.get $w)) (f64x2.extract_lane 1 (local.get $w)))))

  ;; The weights themselves, float32. count: of 4.
  (func (export "weights") (param $scores i32) (param $count i32) (param $top f32) (param $weights i32)
    (local $end i32) (local $tops v128) (local $floor v128) (local $power v128) (local $shifted v128) (local $r v128) (local $e v128) (local $d v128)
    (local $log2e v128) (local $round v128) (local $c5 v128) (local $c4 v128) (local $c3 v128) (local $c2 v128) (local $c1 v128) (local $c0 v128)
    (local.set $log2e (f32x4.splat (f32.const 1.44269504088896341)))
    (local.set $round (f32x4.splat (f32.const 12582912)))
    (local.set $c5 (f32x4.splat (f32.const 1.3264699764e-3)))
    (local.set $c4 (f32x4.splat (f32.const 9.6715340594e-3)))
    (local.set $c3 (f32x4.splat (f32.const 5.5507340025e-2)))
    (local.set $c2 (f32x4.splat (f32.const 2.4022241758e-1)))
    (local.set $c1 (f32x4.splat (f32.const 6.9314697735e-1)))
    (local.set $c0 (f32x4.splat (f32.const 1)))
    (local.set $end (i32.add (local.get $scores) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $tops (f32x4.splat (local.get $top)))
    (local.set $floor (f32x4.sub (local.get $tops) (f32x4.splat (f32.const 86))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $scores) (local.get $end)))
        (local.set $e (v128.load (local.get $scores)))
        (local.set $d (f32x4.sub (f32x4.pmax (local.get $floor) (local.get $e)) (local.get $tops)))
        (local.set $power (f32x4.mul (local.get $d) (local.get $log2e)))
        (local.set $shifted (f32x4.add (local.get $power) (local.get $round)))
        (local.set $r (f32x4.sub (local.get $power) (f32x4.sub (local.get $shifted) (local.get $round))))
        (local.set $e (f32x4.add (f32x4.mul (local.get $c5) (local.get $r)) (local.get $c4)))
        (local.set $e (f32x4.add (f32x4.mul (local.get $e) (local.get $r)) (local.get $c3)))
        (local.set $e (f32x4.add (f32x4.mul (local.get $e) (local.get $r)) (local.get $c2)))
        (local.set $e (f32x4.add (f32x4.mul (local.get $e) (local.get $r)) (local.get $c1)))
        (local.set $e (f32x4.add (f32x4.mul (local.get $e) (local.get $r)) (local.get $c0)))
        (local.set $e (i32x4.add (local.get $e) (i32x4.shl (local.get $shifted) (i32.const 23))))
        (v128.store (local.get $weights) (local.get $e))
        (local.set $scores (i32.add (local.get $scores) (i32.const 16)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 16)))
        (br $next)))
  )

  ;; Keys that are the greater the nearer the scores are to `middle`: -|score - middle|. count: of 4.
  (func (export "nearness") (param $scores i32) (param $count i32) (param $middle f32) (param $keys i32)
    (local $end i32) (local $middles v128)
    (local.set $end (i32.add (local.get $scores) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $middles (f32x4.splat (local.get $middle)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $scores) (local.get $end)))
        (v128.store (local.get $keys)
          (f32x4.neg (f32x4.abs (f32x4.sub (v128.load (local.get $scores)) (local.get $middles)))))
        (local.set $scores (i32.add (local.get $scores) (i32.const 16)))
        (local.set $keys (i32.add (local.get $keys) (i32.const 16)))
        (br $next)))
  )

  ;; Adds each weight to the f64 bin of its key: bin (high - key) * scale, the last one for all that lie beyond.
  (func (export "bins") (param $keys i32) (param $weights i32) (param $count i32) (param $high f32) (param $scale f32) (param $bins i32) (param $last i32)
    (local $end i32) (local $bin i32)
    (local.set $end (i32.add (local.get $keys) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $keys) (local.get $end)))
        (local.set $bin
          (i32.trunc_sat_f32_u (f32.mul (f32.sub (local.get $high) (f32.load (local.get $keys))) (local.get $scale))))
        (local.set $bin (select (local.get $last) (local.get $bin) (i32.gt_u (local.get $bin) (local.get $last))))
        (local.set $bin (i32.add (local.get $bins) (i32.shl (local.get $bin) (i32.const 3))))
        (f64.store (local.get $bin) (f64.add (f64.load (local.get $bin)) (f64.promote_f32 (f32.load (local.get $weights)))))
        (local.set $keys (i32.add (local.get $keys) (i32.const 4)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 4)))
        (br $next)))
  )

  ;; Moves the keys of one bin, and their weights, to the front of `to` and of the weights. Returns how many.
  (func (export "pick") (param $keys i32) (param $weights i32) (param $count i32) (param $high f32) (param $scale f32) (param $which i32)
      (param $last i32) (param $to i32) (result i32)
    (local $bin i32) (local $from i32) (local $kept i32) (local $i i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
        (local.set $from (i32.shl (local.get $i) (i32.const 2)))
        (local.set $bin
          (i32.trunc_sat_f32_u
            (f32.mul (f32.sub (local.get $high) (f32.load (i32.add (local.get $keys) (local.get $from)))) (local.get $scale))))
        (local.set $bin (select (local.get $last) (local.get $bin) (i32.gt_u (local.get $bin) (local.get $last))))
        (if (i32.eq (local.get $bin) (local.get $which))
          (then
            (f32.store (i32.add (local.get $to) (i32.shl (local.get $kept) (i32.const 2))) (f32.load (i32.add (local.get $keys) (local.get $from))))
            (f32.store (i32.add (local.get $weights) (i32.shl (local.get $kept) (i32.const 2)))
              (f32.load (i32.add (local.get $weights) (local.get $from))))
            (local.set $kept (i32.add (local.get $kept) (i32.const 1)))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
    (local.get $kept))

  ;; Σ of the scores and of their squares about `origin`, without those that are -Infinity; f64 both, into `into`.
  (func (export "moments") (param $scores i32) (param $count i32) (param $origin f32) (param $into i32)
    (local $end i32) (local $sum f64) (local $squares f64) (local $x f64)
    (local.set $end (i32.add (local.get $scores) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $scores) (local.get $end)))
        (if (f32.gt (f32.load (local.get $scores)) (f32.const -inf))
          (then
            (local.set $x (f64.sub (f64.promote_f32 (f32.load (local.get $scores))) (f64.promote_f32 (local.get $origin))))
            (local.set $sum (f64.add (local.get $sum) (local.get $x)))
            (local.set $squares (f64.add (local.get $squares) (f64.mul (local.get $x) (local.get $x))))))
        (local.set $scores (i32.add (local.get $scores) (i32.const 4)))
        (br $next)))
    (f64.store offset=0 (local.get $into) (local.get $sum))
    (f64.store offset=8 (local.get $into) (local.get $squares)))

  (func (export "divide") (param $scores i32) (param $count i32) (param $by f32)
    (local $end i32) (local $four v128)
    (local.set $end (i32.add (local.get $scores) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $four (f32x4.splat (local.get $by)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $scores) (local.get $end)))
        (v128.store (local.get $scores) (f32x4.div (v128.load (local.get $scores)) (local.get $four)))
        (local.set $scores (i32.add (local.get $scores) (i32.const 16)))
        (br $next))))

  ;; Moves the scores from `line` up to the front, with their ids; where `first` is given as 1 the ids are the places. Returns how many.
  (func (export "compact") (param $scores i32) (param $ids i32) (param $count i32) (param $line f32) (param $first i32) (result i32)
    (local $i i32) (local $kept i32) (local $score f32) (local $id i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
        (local.set $score (f32.load (i32.add (local.get $scores) (i32.shl (local.get $i) (i32.const 2)))))
        (local.set $id
          (select (local.get $i) (i32.load (i32.add (local.get $ids) (i32.shl (local.get $i) (i32.const 2)))) (local.get $first)))
        (f32.store (i32.add (local.get $scores) (i32.shl (local.get $kept) (i32.const 2))) (local.get $score))
        (i32.store (i32.add (local.get $ids) (i32.shl (local.get $kept) (i32.const 2))) (local.get $id))
        (local.set $kept (i32.add (local.get $kept) (f32.ge (local.get $score) (local.get $line))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
    (local.get $kept))
)
