"""What has to be well before calls are taken; told by `ivr doctor`, insisted on by `ivr serve`."""
