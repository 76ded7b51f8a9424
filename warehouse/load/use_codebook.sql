-- Which version of the codebook did a coder use last, where nothing was left to code with it?
-- Grain: dim_coder, one row per coder and codebook version.

update dim_coder
set last_coded_at = $1
where coder = $2 and codebook_version = $3
    and exists (
        select 1
        from dim_coder as other
        where other.coder = dim_coder.coder and other.codebook_version <> dim_coder.codebook_version
            and other.last_coded_at >= dim_coder.last_coded_at
    );
