SELECT b.auction, b.bidder, b.price, b.event_time, side.meaning
FROM bid AS b
JOIN (VALUES (0, 'zero'), (1, 'one'), (2, 'two'), (3, 'three'), (5, 'five')) AS side (number, meaning)
ON MOD(b.auction, 10) = side.number
