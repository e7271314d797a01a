SELECT auction, bidder, price * 0.908 AS euros, event_time, extra FROM bid
